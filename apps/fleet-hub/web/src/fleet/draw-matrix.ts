import { chartFont } from '@edge-blueprints/web-kit';
import type { DeviceRowView } from '@edge-blueprints/contracts';
import { strings } from '../strings.js';
import { asksForAct, healthOrder } from './health.js';
import { drawGlyph } from './matrix-glyphs.js';
import type { GlyphColours } from './matrix-glyphs.js';
import { cellOf, heightOf } from './matrix-layout.js';
import type { MatrixLayout } from './matrix-layout.js';

export interface MatrixColours extends GlyphColours {
  readonly ink: string;
  readonly accent: string;
}

export interface MatrixScene {
  readonly layout: MatrixLayout;
  readonly rows: readonly DeviceRowView[];
  readonly chosen: number | null;
  readonly hovered: number | null;
  readonly focused: boolean;
}

/** Keeps names off the frame that shows the focus. */
const inset = 6;

/** One picture of each state, copied for each device: ten thousand copies take a few milliseconds, paths would not. */
export type GlyphSheet = HTMLCanvasElement;

export function glyphSheet(pitch: number, ratio: number, colours: GlyphColours): GlyphSheet {
  const sheet = document.createElement('canvas');
  sheet.width = Math.round(pitch * ratio) * healthOrder.length;
  sheet.height = Math.round(pitch * ratio);
  const context = sheet.getContext('2d');
  if (context === null) return sheet;
  for (const [index, health] of healthOrder.entries()) {
    context.setTransform(ratio, 0, 0, ratio, index * Math.round(pitch * ratio), 0);
    drawGlyph(context, health, 0, 0, pitch, colours);
  }
  return sheet;
}

/** Draws what is visible between `top` and `top + height` of the scene; the canvas shows exactly this part. */
export function drawMatrix(
  context: CanvasRenderingContext2D,
  scene: MatrixScene,
  view: { readonly width: number; readonly height: number; readonly top: number; readonly ratio: number },
  sheet: GlyphSheet,
  colours: MatrixColours,
): void {
  const { layout, rows } = scene;
  const { pitch, perRow, labelWidth } = layout;
  const { ratio, top } = view;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, view.width, view.height);
  const side = Math.round(pitch * ratio);
  for (const block of layout.blocks) {
    if (block.top > top + view.height || block.top + heightOf(layout, block) < top) continue;
    let asking = 0;
    context.setTransform(1, 0, 0, 1, 0, 0);
    for (let at = 0; at < block.count; at++) {
      const row = rows[block.first + at];
      if (row === undefined) break;
      if (asksForAct(row.health)) asking += 1;
      const y = block.top + Math.floor(at / perRow) * pitch - top;
      if (y < -pitch || y > view.height) continue;
      const x = block.left + labelWidth + (at % perRow) * pitch;
      context.drawImage(
        sheet,
        healthOrder.indexOf(row.health) * side,
        0,
        side,
        side,
        Math.round(x * ratio),
        Math.round(y * ratio),
        side,
        side,
      );
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    label(context, block.site, strings.fleet.siteCount(asking, block.count), asking > 0, {
      left: block.left,
      top: block.top - top,
      width: labelWidth,
      colours,
    });
  }
  frame(context, scene.hovered, scene.layout, top, colours.soft, 1.5);
  if (scene.chosen !== null) frame(context, scene.chosen, scene.layout, top, colours.accent, scene.focused ? 3 : 2);
}

function label(
  context: CanvasRenderingContext2D,
  site: string,
  count: string,
  asks: boolean,
  at: { readonly left: number; readonly top: number; readonly width: number; readonly colours: MatrixColours },
): void {
  context.textBaseline = 'middle';
  context.font = asks ? `600 ${chartFont}` : chartFont;
  context.textAlign = 'right';
  context.fillStyle = asks ? at.colours.ink : at.colours.soft;
  const y = at.top + 11;
  context.fillText(count, at.left + at.width - 10, y);
  const room = at.width - 22 - inset - context.measureText(count).width;
  context.font = chartFont;
  context.textAlign = 'left';
  context.fillStyle = at.colours.ink;
  context.fillText(shortened(context, site, room), at.left + inset, y);
}

function shortened(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  let end = text.length;
  while (end > 1 && context.measureText(`${text.slice(0, end)}…`).width > room) end -= 1;
  return `${text.slice(0, end)}…`;
}

function frame(
  context: CanvasRenderingContext2D,
  index: number | null,
  layout: MatrixLayout,
  top: number,
  colour: string,
  width: number,
): void {
  const cell = index === null ? null : cellOf(layout, index);
  if (cell === null) return;
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.strokeRect(cell.left - 1, cell.top - top - 1, layout.pitch + 2, layout.pitch + 2);
}
