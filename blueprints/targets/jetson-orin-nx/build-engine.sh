#!/usr/bin/env bash
# Builds a TensorRT engine on the Jetson that will run it: build-engine.sh FOLDER, the folder that models:compile prepared.
# Needs Docker with the NVIDIA runtime and JetPack 6.1 or 6.2 on the host. Not run by this repository's CI.
set -euo pipefail
folder=$(realpath "${1:?usage: build-engine.sh FOLDER with model.onnx}")
[ -f "$folder/model.onnx" ] || { echo "refused: $folder/model.onnx is not there; run models:compile for this target first" >&2; exit 2; }
image=nvcr.io/nvidia/l4t-jetpack:r36.4.0
docker pull -q "$image"
docker image inspect --format 'image {{index .RepoDigests 0}}' "$image"
# --int8 with QDQ in the file quantises what the file says and nothing else; --fp16 lets the rest run in half precision.
docker run --rm --runtime nvidia --network none -v "$folder:/job" "$image" \
  /usr/src/tensorrt/bin/trtexec --onnx=/job/model.onnx --int8 --fp16 \
  --timingCacheFile=/job/timing.cache --saveEngine=/job/model.engine.partial --skipInference
mv "$folder/model.engine.partial" "$folder/model.engine"
sha256sum "$folder/model.engine"
