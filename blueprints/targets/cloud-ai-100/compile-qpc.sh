#!/usr/bin/env bash
# QPC in FP16 for Cloud AI 100: compile-qpc.sh FOLDER, the folder that models:compile prepared. No card is needed to compile.
# Needs Docker on x86-64 with the Cloud AI image. Not run by this repository's CI. `qaic-compile -h` lists every option.
set -euo pipefail
folder=$(realpath "${1:?usage: compile-qpc.sh FOLDER with model.onnx}")
[ -f "$folder/model.onnx" ] || { echo "refused: $folder/model.onnx is not there; run models:compile for this target first" >&2; exit 2; }
image=ghcr.io/quic/cloud_ai_triton_server:1.21.2.0
docker pull -q "$image"
docker image inspect --format 'image {{index .RepoDigests 0}}' "$image"
rm -rf "$folder/qpc"
docker run --rm --network none -v "$folder:/job" "$image" bash -euc '
  /opt/qti-aic/exec/qaic-compile -operators-supported=onnx
  /opt/qti-aic/exec/qaic-compile -m=/job/model.onnx -aic-hw -convert-to-fp16 -aic-num-cores=4 -aic-binary-dir=/job/qpc'
sha256sum "$folder/qpc/programqpc.bin"
