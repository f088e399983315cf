#!/usr/bin/env bash
# Maps model.tflite to the Edge TPU: compile-edgetpu.sh FOLDER, the folder in which models:compile left model.tflite.
# CORAL_APT is the address of the compiler's apt repository, as coral.ai (Edge TPU Compiler, system requirements) states it.
# Needs Docker on x86-64 (the compiler exists for nothing else). Not run by this repository's CI.
set -euo pipefail
folder=$(realpath "${1:?usage: compile-edgetpu.sh FOLDER with model.tflite}")
[ -f "$folder/model.tflite" ] || { echo "refused: $folder/model.tflite is not there; run models:compile for this target first" >&2; exit 2; }
: "${CORAL_APT:?refused: set CORAL_APT to the apt repository that coral.ai states for edgetpu-compiler}"
image=debian:bullseye-slim
docker pull -q --platform linux/amd64 "$image"
docker image inspect --format 'image {{index .RepoDigests 0}}' "$image"
docker run --rm --platform linux/amd64 -e CORAL_APT -v "$folder:/job" "$image" bash -euc '
  apt-get update -q
  apt-get install -qy --no-install-recommends ca-certificates curl gnupg
  curl -fsSL "$CORAL_APT/doc/apt-key.gpg" | gpg --dearmor > /usr/share/keyrings/coral.gpg
  echo "deb [signed-by=/usr/share/keyrings/coral.gpg] $CORAL_APT coral-edgetpu-stable main" > /etc/apt/sources.list.d/coral.list
  apt-get update -q
  apt-get install -qy edgetpu-compiler=16.0
  edgetpu_compiler --show_operations --min_runtime_version 14 --out_dir /job /job/model.tflite | tee /job/edgetpu.log
  # One operator on the CPU splits the model, and everything behind it runs on the CPU too.
  if grep -E "^(ADD|CONV_2D|PAD|QUANTIZE|RESIZE_NEAREST_NEIGHBOR|[A-Z_0-9]+) +[0-9]+ +" /job/edgetpu.log | grep -qv "Mapped to Edge TPU"; then
    echo "refused: not every operator was mapped to the Edge TPU, see edgetpu.log" >&2
    exit 1
  fi'
sha256sum "$folder/model_edgetpu.tflite"
