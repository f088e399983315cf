export { boardSide, defectLabels } from './lib/boards/board-geometry.js';
export type { DefectLabel } from './lib/boards/board-geometry.js';
export { createBoardDesign } from './lib/boards/board-design.js';
export type { BoardDesign } from './lib/boards/board-design.js';
export { photographTemplate, renderBoard } from './lib/boards/render-board.js';
export type { BoardOptions, RenderedBoard } from './lib/boards/render-board.js';
export type { Lighting } from './lib/boards/camera-look.js';
