/**
 * Figures of others for DeepPCB, as published. None was run here; protocols differ, as `protocol` says. Shares, null where
 * not given.
 */
const whole = 'whole test list, 500 pairs';
const paper = 'IoU > 0.33, same class';

export const published = [
  {
    name: 'Tang et al., the paper of the data set',
    source: 'arXiv 1902.06197 and its repository',
    pairs: whole,
    protocol: paper,
    map: 0.986,
    f: 0.982,
  },
  {
    name: 'Group pyramid pooling with max pooling',
    source: 'published comparison',
    pairs: whole,
    protocol: paper,
    map: 0.987,
    f: null,
  },
  {
    name: 'Faster R-CNN, ResNet-101',
    source: 'published comparison',
    pairs: 'not stated',
    protocol: 'not stated',
    map: 0.977,
    f: null,
  },
  {
    name: 'SCNet, ResNet-101',
    source: 'published comparison',
    pairs: 'not stated',
    protocol: 'not stated',
    map: 0.962,
    f: null,
  },
  { name: 'YOLOv3', source: 'published comparison', pairs: 'not stated', protocol: 'not stated', map: 0.934, f: null },
  { name: 'YOLOv11', source: 'student study', pairs: 'own split', protocol: 'mAP50', map: 0.964, f: null },
  { name: 'DETR', source: 'student study', pairs: 'own split', protocol: 'mAP50', map: 0.932, f: null },
  { name: 'Faster R-CNN', source: 'student study', pairs: 'own split', protocol: 'mAP50', map: 0.926, f: null },
  {
    name: 'Difference, components, random forest (no deep network)',
    source: 'note that came with the pictures',
    pairs: 'the same 250 pairs',
    protocol: paper,
    map: 0.963,
    f: 0.959,
  },
];
