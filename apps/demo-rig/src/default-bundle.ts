/** For the rendered line: trained on boards of our own renderer alone, so that no foreign terms come with the demo. */
export const defaultBundle = 'models/bundles/pcb-defects-rendered';

/** For a folder of real pictures: trained on real boards too, whose data is for research, as its card says. */
export const defaultFramesBundle = 'models/bundles/pcb-defects';

/** For the rendered store: people and their body points, trained on people of our own renderer alone. */
export const defaultStoreBundle = { folder: 'models/bundles/person-pose', variant: 'int8-416' } as const;
