import type { PartRecord } from '@edge-blueprints/contracts';
import { createDeviceTelemetry } from '@edge-blueprints/telemetry';
import type { DeviceTelemetry, DeviceTelemetryOptions } from '@edge-blueprints/telemetry';
import type { InspectedPart } from '../judgement.js';
import { partInspected, partOverruled } from './part-events.js';
import { measurePart } from './part-metrics.js';

export interface StationTelemetry extends DeviceTelemetry {
  /** Counts and sends a part; returns at once and never throws. */
  sawPart(record: PartRecord, part: InspectedPart): void;
  overruled(record: PartRecord): void;
}

/** Everything that the station tells about itself: metrics for whoever scrapes, events and reports for the hub. */
export function createStationTelemetry(options: DeviceTelemetryOptions): StationTelemetry {
  const device = createDeviceTelemetry(options);
  const { metrics, emit } = device;
  return {
    ...device,
    sawPart: (record, part) => {
      const { decision } = part.act;
      measurePart(metrics, record, decision.kind === 'abstain' ? decision.code : undefined);
      if (part.act.trigger !== undefined)
        emit('edge-blueprints.part-inspected.v1', 'business', partInspected(record, decision.kind === 'abstain'));
    },
    overruled: (record) => {
      const data = partOverruled(record);
      if (data === undefined) return;
      metrics.add('edge.overrules', 1, { verdict: data.verdict });
      emit('edge-blueprints.part-overruled.v1', 'business', data);
      emit('edge-blueprints.audit.v1', 'critical', {
        who: data.by,
        action: `overrule to ${data.verdict}`,
        target: record.resultId,
        reason: data.reason,
      });
    },
  };
}
