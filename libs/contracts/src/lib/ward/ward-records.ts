import type { AlarmSnapshot } from './alarm.js';
import type { AuditEntry } from './audit-entry.js';

/** `GET /api/beds/{bed}/history?hours=12`. Equal steps, oldest first; null where nothing was known. */
export interface BedHistory {
  readonly bed: string;
  /** Wall clock of the first value, ms of Unix time, and what lies between two values. */
  readonly fromMs: number;
  readonly stepMs: number;
  readonly series: Readonly<
    Record<
      'pulse' | 'oxygenSaturation' | 'respiration' | 'systolic' | 'temperature' | 'scoreLo' | 'scoreHi',
      readonly (number | null)[]
    >
  >;
}

/** `GET /api/beds/{bed}/patient`; each answer is an entry of the trail. */
export interface PatientView {
  readonly name: string;
  readonly ageYears: number;
}

/** One act or change of an alarm, told in words. */
export interface AlarmMoment {
  /** RFC 3339. */
  readonly at: string;
  readonly what: string;
  readonly by: string | null;
}

/** `GET /api/alarms/history`, newest first, at most 500. */
export interface AlarmRecord {
  readonly alarm: AlarmSnapshot;
  /** RFC 3339; null while it lasts. */
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly acknowledgedAfterMs: number | null;
  readonly moments: readonly AlarmMoment[];
}

/** `GET /api/handover`: what happened in this shift. */
export interface HandoverView {
  readonly fromAt: string;
  readonly toAt: string;
  readonly beds: readonly {
    readonly bed: string;
    readonly label: string;
    /** "3-9", "insufficient"; at the start of the shift and now. */
    readonly scoreAtStart: string;
    readonly scoreNow: string;
    readonly highest: number | null;
    readonly scale: 1 | 2;
    readonly alarms: Readonly<Record<'PH' | 'PM' | 'PL', number>>;
    readonly open: readonly string[];
    readonly overdue: readonly string[];
    /** Acts and changes worth telling, oldest first. */
    readonly notes: readonly AlarmMoment[];
  }[];
}

/** `GET /api/audit?search=&before=&limit=`, newest first. */
export interface AuditPage {
  readonly size: number;
  readonly entries: readonly AuditEntry[];
}

/** `GET /api/audit/{seq}/evidence`: one entry with what proves it. `checks` are the gateway's own; the file is for an outsider. */
export interface AuditEvidence {
  readonly entry: AuditEntry;
  readonly leafHash: string;
  readonly inclusion: { readonly size: number; readonly proof: readonly string[] };
  /** Signed note, as it is published. */
  readonly checkpoint: string;
  readonly witnesses: readonly string[];
  readonly checks: readonly {
    readonly what: 'integrity' | 'inclusion' | 'signature' | 'witness';
    readonly ok: boolean | null;
  }[];
}
