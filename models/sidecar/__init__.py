"""Inference sidecar: one model on an accelerator that Node cannot reach, over the Open Inference Protocol (docs/sidecar.md)."""

VERSION = "0.1.0"
