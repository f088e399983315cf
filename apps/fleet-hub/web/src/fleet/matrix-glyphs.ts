import type { DeviceHealth } from './health.js';

export interface GlyphColours {
  readonly ok: string;
  readonly soft: string;
  readonly stop: string;
  readonly act: string;
  readonly panel: string;
}

/**
 * A state as a shape, on a canvas: what is well is a dot, what asks is a full shape, so that it is found without colour.
 * `size` is the side of the cell in CSS pixels.
 */
export function drawGlyph(
  context: CanvasRenderingContext2D,
  health: DeviceHealth,
  left: number,
  top: number,
  size: number,
  colours: GlyphColours,
): void {
  const x = left + size / 2;
  const y = top + size / 2;
  const r = Math.min(size * 0.42, 12);
  const thin = Math.max(1.4, r * 0.28);
  context.beginPath();
  switch (health) {
    case 'ok':
      context.arc(x, y, Math.max(1.5, r * 0.42), 0, 2 * Math.PI);
      fill(context, colours.ok);
      return;
    case 'alarm':
      octagon(context, x, y, r);
      fill(context, colours.stop);
      return;
    case 'offline':
      context.moveTo(x - r * 0.8, y - r * 0.8);
      context.lineTo(x + r * 0.8, y + r * 0.8);
      context.moveTo(x + r * 0.8, y - r * 0.8);
      context.lineTo(x - r * 0.8, y + r * 0.8);
      stroke(context, colours.stop, thin * 1.25);
      return;
    case 'degraded':
      context.moveTo(x, y - r);
      context.lineTo(x + r, y + r * 0.85);
      context.lineTo(x - r, y + r * 0.85);
      context.closePath();
      fill(context, colours.act);
      return;
    case 'stale':
      context.arc(x, y, r * 0.78, 0, 2 * Math.PI);
      stroke(context, colours.act, thin);
      return;
    case 'revoked':
      context.moveTo(x - r * 0.8, y);
      context.lineTo(x + r * 0.8, y);
      stroke(context, colours.soft, thin);
      return;
  }
}

function octagon(context: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  for (let corner = 0; corner < 8; corner++) {
    const angle = Math.PI / 8 + (corner * Math.PI) / 4;
    const px = x + r * 1.05 * Math.cos(angle);
    const py = y + r * 1.05 * Math.sin(angle);
    if (corner === 0) context.moveTo(px, py);
    else context.lineTo(px, py);
  }
  context.closePath();
}

function fill(context: CanvasRenderingContext2D, colour: string): void {
  context.fillStyle = colour;
  context.fill();
}

function stroke(context: CanvasRenderingContext2D, colour: string, width: number): void {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.lineCap = 'round';
  context.stroke();
}
