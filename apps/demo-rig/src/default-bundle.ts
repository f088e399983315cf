import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');
const ownBoards = 'models/bundles/pcb-defects-rendered';
/** Trained on real boards too; its data is for research, as its card says. */
const realPictures = 'models/bundles/pcb-defects';

/** For the rendered line: trained on boards of our own renderer alone, so that no foreign terms come with the demo. */
export const defaultBundle = existsSync(join(root, ownBoards)) ? ownBoards : realPictures;

/** For a folder of real pictures. */
export const defaultFramesBundle = realPictures;
