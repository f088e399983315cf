import type { Clock, FleetEventData, Frame, Logger, PartRecord } from '@edge-blueprints/contracts';
import { errorMessage } from '@edge-blueprints/contracts';
import type { LabelSampler } from '@edge-blueprints/drift';
import type { Picture } from '@edge-blueprints/vision';
import type { InspectedPart } from '../judgement.js';

type Candidate = FleetEventData<'edge-blueprints.label-candidate.v1'>;

/** A picture in a compressed format. */
export interface EncodedPicture {
  readonly mime: 'image/png' | 'image/webp';
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
}

export interface LabelCandidates {
  sawPart(record: PartRecord, part: InspectedPart): void;
  /** Drawn parts that became no candidate, because too many pictures were being made or one was too large. */
  skipped(): number;
  /** Waits for the pictures in the making. */
  close(): Promise<void>;
}

/** Pictures in the making at a time, and what the wire takes of one in base64. */
const most = { encoding: 4, base64: 120_000 } as const;

/**
 * Draws verdicts for a person to check, each with the probability it had, and sends them with their pictures. Parts without a
 * verdict of the model are left to the operators of the line.
 */
export function createLabelCandidates(options: {
  readonly sampler: LabelSampler;
  readonly encode: (picture: Picture) => Promise<EncodedPicture>;
  readonly templateOf: ((frame: Frame) => Picture | Promise<Picture>) | undefined;
  readonly emit: (candidate: Candidate) => void;
  readonly clock: Clock;
  readonly log: Logger;
}): LabelCandidates {
  const making = new Set<Promise<void>>();
  let skipped = 0;
  const make = async (record: PartRecord, frame: Frame, draw: ReturnType<LabelSampler['consider']>): Promise<void> => {
    const template = options.templateOf === undefined ? undefined : await options.templateOf(frame);
    const pictures = [
      wirePicture('test', await options.encode(frame)),
      ...(template === undefined ? [] : [wirePicture('template', await options.encode(template))]),
    ];
    if (pictures.some(({ base64 }) => base64.length > most.base64)) {
      skipped += 1;
      return;
    }
    options.emit({
      resultId: record.resultId,
      partId: record.partId,
      verdict: record.verdict === 'pass' ? 'pass' : 'reject',
      score: null,
      stratum: draw.stratum,
      inclusionProbability: draw.inclusionProbability,
      bundleVersion: `${record.model.bundle} ${record.model.version}`,
      detections: record.detections.filter(({ counted }) => counted).slice(0, 32),
      pictures,
    });
  };
  return {
    sawPart: (record, { frame, act }) => {
      if (act.trigger === undefined || frame === undefined || act.decision.kind === 'abstain') return;
      const counted = record.detections.find((detection) => detection.counted);
      const verdict = act.decision.kind === 'pass' ? 'pass' : 'reject';
      const draw = options.sampler.consider(
        { verdict, label: counted?.label ?? '', score: null },
        options.clock.epochMs(),
      );
      if (!draw.drawn) return;
      if (making.size >= most.encoding) {
        skipped += 1;
        return;
      }
      const work = make(record, frame, draw).catch((error: unknown) => {
        skipped += 1;
        options.log.warn('label.failed', { resultId: record.resultId, message: errorMessage(error) });
      });
      making.add(work);
      void work.finally(() => making.delete(work));
    },
    skipped: () => skipped,
    close: async () => void (await Promise.all(making)),
  };
}

function wirePicture(role: 'test' | 'template', { mime, width, height, bytes }: EncodedPicture) {
  return { role, mime, width, height, base64: Buffer.from(bytes).toString('base64') };
}
