/** Pairs rows with columns: for each row its column, or -1. The array is reused by the next call. */
export type Assigner = (costs: Float64Array, rows: number, columns: number, limit: number) => Int32Array;

/**
 * Least-cost assignment in which staying alone is allowed: a row and a column that stay unmatched cost `limit` / 2 each.
 * A pair is therefore made only where its cost is below the limit, and a dear pair is given up when that serves the
 * whole. This differs from assigning everything first and dropping the dear pairs afterwards, which can drag a good pair
 * into a bad one. It is the optimum of the square matrix that is extended by `limit` / 2 on both sides.
 *
 * Shortest augmenting paths with potentials (Jonker and Volgenant, Computing 38, 1987). The extension is not built: each
 * row has a private way out at cost `limit`, and pairs at or above the limit are no edges, so that a search touches only
 * the rows and columns that compete with each other.
 *
 * @param costs row-major rows x columns; NaN and infinity are pairs that cannot be
 */
export function createAssigner(): Assigner {
  let size = 0;
  let columnOfRow = new Int32Array(0);
  let rowOfColumn = new Int32Array(0);
  let rowPrice = new Float64Array(0);
  let columnPrice = new Float64Array(0);
  let distance = new Float64Array(0);
  let cameFrom = new Int32Array(0);
  let touched = new Int32Array(0);
  let done = new Uint8Array(0);
  let reachedRows = new Int32Array(0);
  let rowDistance = new Float64Array(0);

  const grow = (needed: number): void => {
    if (needed <= size) return;
    size = Math.max(needed, 2 * size, 32);
    columnOfRow = new Int32Array(size);
    rowOfColumn = new Int32Array(size);
    rowPrice = new Float64Array(size);
    columnPrice = new Float64Array(size);
    distance = new Float64Array(size);
    cameFrom = new Int32Array(size);
    touched = new Int32Array(size);
    done = new Uint8Array(size);
    reachedRows = new Int32Array(size);
    rowDistance = new Float64Array(size);
  };

  return (costs, rows, columns, limit) => {
    grow(Math.max(rows, columns));
    columnOfRow.fill(-1, 0, rows);
    rowOfColumn.fill(-1, 0, columns);
    rowPrice.fill(0, 0, rows);
    columnPrice.fill(0, 0, columns);
    distance.fill(Infinity, 0, columns);

    for (let start = 0; start < rows; start += 1) {
      let touchedCount = 0;
      let reachedCount = 0;
      let row = start;
      let soFar = 0;
      let lengthOut = Infinity; // of the shortest path found that ends in a row's way out
      let rowOut = -1;
      let freeColumn = -1;
      for (;;) {
        reachedRows[reachedCount] = row;
        rowDistance[row] = soFar;
        reachedCount += 1;
        const base = soFar - (rowPrice[row] ?? 0);
        if (base + limit < lengthOut) {
          lengthOut = base + limit;
          rowOut = row;
        }
        const offset = row * columns;
        for (let column = 0; column < columns; column += 1) {
          const cost = costs[offset + column] ?? NaN;
          if (!(cost < limit) || done[column] === 1) continue;
          const length = base + cost - (columnPrice[column] ?? 0);
          const known = distance[column] ?? Infinity;
          if (length >= known) continue;
          if (known === Infinity) {
            touched[touchedCount] = column;
            touchedCount += 1;
          }
          distance[column] = length;
          cameFrom[column] = row;
        }
        let nearest = -1;
        let nearestLength = lengthOut;
        for (let i = 0; i < touchedCount; i += 1) {
          const column = touched[i] ?? 0;
          if (done[column] === 0 && (distance[column] ?? Infinity) < nearestLength) {
            nearest = column;
            nearestLength = distance[column] ?? Infinity;
          }
        }
        soFar = nearestLength;
        if (nearest === -1) break;
        done[nearest] = 1;
        const owner = rowOfColumn[nearest] ?? -1;
        if (owner === -1) {
          freeColumn = nearest;
          break;
        }
        row = owner;
      }

      for (let i = 0; i < reachedCount; i += 1) {
        const reached = reachedRows[i] ?? 0;
        rowPrice[reached] = (rowPrice[reached] ?? 0) + soFar - (rowDistance[reached] ?? 0);
      }
      for (let i = 0; i < touchedCount; i += 1) {
        const column = touched[i] ?? 0;
        if (done[column] === 1) columnPrice[column] = (columnPrice[column] ?? 0) - soFar + (distance[column] ?? 0);
        distance[column] = Infinity;
        done[column] = 0;
      }

      // Back along the path: every row on it takes the column that it was reached for.
      let column = freeColumn;
      if (column === -1) {
        column = columnOfRow[rowOut] ?? -1;
        columnOfRow[rowOut] = -1;
        if (rowOut === start) continue;
      }
      for (;;) {
        const taker = cameFrom[column] ?? 0;
        const left = columnOfRow[taker] ?? -1;
        columnOfRow[taker] = column;
        rowOfColumn[column] = taker;
        if (taker === start) break;
        column = left;
      }
    }
    return columnOfRow.subarray(0, rows);
  };
}
