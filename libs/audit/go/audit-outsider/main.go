// Command audit-outsider reads a published trail with the tree and note packages of Go's checksum database, which share
// nothing with our code: the checkpoint's signature, every tile, every entry, and the proofs that our code made.
//
//	audit-outsider VKEY DIR...          folders with "checkpoint" and "tile/"; prints one line for each
//
// A folder with "entry.json" and "entry.tlog-proof" is exported evidence: one entry, its proof and the checkpoint.
//
// A folder may hold "proofs.json": {"inclusion": [{"index", "size", "root", "path"}], "consistency": [{"old", "oldRoot",
// "size", "root", "path"}]}, hashes in base64. Exit code 1 when one folder does not hold.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type proofs struct {
	Inclusion []struct {
		Index, Size int64
		Root        tlog.Hash
		Path        tlog.RecordProof
	}
	Consistency []struct {
		Old, Size int64
		OldRoot   tlog.Hash
		Root      tlog.Hash
		Path      tlog.TreeProof
	}
}

// tiles reads C2SP tlog-tiles, whose paths leave the height out.
type tiles struct{ folder string }

func (t tiles) Height() int { return 8 }

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range wanted {
		data, err := os.ReadFile(filepath.Join(t.folder, tilePath(strconv.Itoa(tile.L), tile.N, tile.W)))
		if err != nil {
			full, fullErr := os.ReadFile(filepath.Join(t.folder, tilePath(strconv.Itoa(tile.L), tile.N, 256)))
			if fullErr != nil {
				return nil, err
			}
			data = full[:tile.W*tlog.HashSize]
		}
		all = append(all, data)
	}
	return all, nil
}

func tilePath(level string, index int64, width int) string {
	path := fmt.Sprintf("%03d", index%1000)
	for index >= 1000 {
		index /= 1000
		path = fmt.Sprintf("x%03d/%s", index%1000, path)
	}
	if width < 256 {
		path += ".p/" + strconv.Itoa(width)
	}
	return "tile/" + level + "/" + path
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "audit-outsider VKEY DIR...")
		os.Exit(2)
	}
	verifier, err := note.NewVerifier(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	failed := false
	for _, folder := range os.Args[2:] {
		result, err := judge(folder, verifier)
		if err != nil {
			failed = true
			result = "FAIL " + err.Error()
		}
		fmt.Println(filepath.Base(folder), result)
	}
	if failed {
		os.Exit(1)
	}
}

func judge(folder string, verifier note.Verifier) (string, error) {
	if _, err := os.Stat(filepath.Join(folder, "entry.tlog-proof")); err == nil {
		return judgeEvidence(folder, verifier)
	}
	text, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	if err != nil {
		return "", err
	}
	tree, err := openCheckpoint(text, verifier)
	if err != nil {
		return "", err
	}
	size, root := tree.N, tree.Hash
	if size == 0 {
		if root.String() != "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" {
			return "", fmt.Errorf("the root of nothing is wrong")
		}
		return "ok 0 entries", nil
	}
	// The reader checks every tile against the root before it gives a hash of it away.
	reader := tlog.TileHashReader(tree, tiles{folder})
	if err := judgeEntries(folder, size, reader); err != nil {
		return "", err
	}
	count, err := judgeProofs(folder)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("ok %d entries, %d proofs", size, count), nil
}

func openCheckpoint(text []byte, verifier note.Verifier) (tlog.Tree, error) {
	opened, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("not a checkpoint of %s", verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

// judgeEvidence reads a C2SP tlog-proof: a title, the index, hashes from the leaf up, an empty line, the checkpoint.
func judgeEvidence(folder string, verifier note.Verifier) (string, error) {
	entry, err := os.ReadFile(filepath.Join(folder, "entry.json"))
	if err != nil {
		return "", err
	}
	text, err := os.ReadFile(filepath.Join(folder, "entry.tlog-proof"))
	if err != nil {
		return "", err
	}
	head, checkpoint, found := strings.Cut(string(text), "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return "", fmt.Errorf("not a proof")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	if err != nil {
		return "", err
	}
	var path tlog.RecordProof
	for _, line := range lines[2:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return "", err
		}
		path = append(path, hash)
	}
	tree, err := openCheckpoint([]byte(checkpoint), verifier)
	if err != nil {
		return "", err
	}
	if err := tlog.CheckRecord(path, tree.N, tree.Hash, index, tlog.RecordHash(entry)); err != nil {
		return "", err
	}
	return fmt.Sprintf("ok entry %d of %d", index, tree.N), nil
}

func judgeEntries(folder string, size int64, reader tlog.HashReader) error {
	for start := int64(0); start < size; start += 256 {
		width := size - start
		if width > 256 {
			width = 256
		}
		data, err := os.ReadFile(filepath.Join(folder, tilePath("entries", start/256, int(width))))
		if err != nil {
			return err
		}
		var indexes []int64
		for i := int64(0); i < width; i++ {
			indexes = append(indexes, tlog.StoredHashIndex(0, start+i))
		}
		hashes, err := reader.ReadHashes(indexes)
		if err != nil {
			return err
		}
		for i := int64(0); i < width; i++ {
			if len(data) < 2 {
				return fmt.Errorf("entry %d is cut", start+i)
			}
			length := int(data[0])<<8 | int(data[1])
			if len(data) < 2+length {
				return fmt.Errorf("entry %d is cut", start+i)
			}
			if tlog.RecordHash(data[2:2+length]) != hashes[i] {
				return fmt.Errorf("entry %d is not the one in the tree", start+i)
			}
			data = data[2+length:]
		}
		if len(data) != 0 {
			return fmt.Errorf("the bundle at entry %d holds more", start)
		}
	}
	return nil
}

func judgeProofs(folder string) (int, error) {
	text, err := os.ReadFile(filepath.Join(folder, "proofs.json"))
	if os.IsNotExist(err) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	var told proofs
	if err := json.Unmarshal(text, &told); err != nil {
		return 0, err
	}
	for _, p := range told.Inclusion {
		data, err := os.ReadFile(filepath.Join(folder, fmt.Sprintf("entry-%d", p.Index)))
		if err != nil {
			return 0, err
		}
		if err := tlog.CheckRecord(p.Path, p.Size, p.Root, p.Index, tlog.RecordHash(data)); err != nil {
			return 0, fmt.Errorf("inclusion of %d in %d: %v", p.Index, p.Size, err)
		}
	}
	for _, p := range told.Consistency {
		if err := tlog.CheckTree(p.Path, p.Size, p.Root, p.Old, p.OldRoot); err != nil {
			return 0, fmt.Errorf("consistency of %d with %d: %v", p.Old, p.Size, err)
		}
	}
	return len(told.Inclusion) + len(told.Consistency), nil
}
