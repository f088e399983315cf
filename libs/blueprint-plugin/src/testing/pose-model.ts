/** SpaceToDepth of a grey picture of 32 x 32 into 16 maps of 8 x 8: the sizes of a pose model of 16 keypoints. ONNX, base64. */
export const poseModel =
  'CAg6dwotCgVpbWFnZRIEbWFwcyIMU3BhY2VUb0RlcHRoKhAKCWJsb2Nrc2l6ZRgEoAECEgVncmFwaFofCgVpbWFnZRIWChQIARIQCgIIAQoCCAEKAgggCgIIIGIeCgRtYXBzEhYKFAgBEhAKAggBCgIIEAoCCAgKAggIQgQKABAN';
