import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCircuitBreaker } from './circuit-breaker.js';

const policy = { failureThreshold: 3, firstProbeMs: 100, maxProbeMs: 400 };

describe('createCircuitBreaker', () => {
  it('opens after so many failures in a row, not before', () => {
    const circuit = createCircuitBreaker(policy);
    circuit.failed(0, 'infer.deadline', false);
    circuit.failed(0, 'infer.deadline', false);
    circuit.succeeded();
    circuit.failed(0, 'infer.deadline', false);
    circuit.failed(0, 'infer.deadline', false);
    expect(circuit.decide(0)).toBe('use');
    circuit.failed(0, 'infer.deadline', false);
    expect(circuit.decide(0)).toBe('skip');
    expect(circuit.state()).toMatchObject({ open: true, cause: 'infer.deadline', opened: 1 });
  });

  it('probes once at a time, at intervals that double up to a bound', () => {
    const circuit = createCircuitBreaker(policy);
    circuit.failed(0, 'infer.model-mismatch', true);
    expect(circuit.decide(99)).toBe('skip');
    expect(circuit.decide(100)).toBe('probe');
    expect(circuit.decide(5000)).toBe('skip');
    circuit.probeFailed(100, 'infer.unreachable');
    expect(circuit.decide(299)).toBe('skip');
    expect(circuit.decide(300)).toBe('probe');
    circuit.probeFailed(300, 'infer.unreachable');
    expect(circuit.decide(700)).toBe('probe');
    circuit.probeFailed(700, 'infer.unreachable');
    expect(circuit.decide(1099)).toBe('skip');
    expect(circuit.decide(1100)).toBe('probe');
    circuit.probeSucceeded();
    expect(circuit.decide(1100)).toBe('use');
    expect(circuit.state()).toMatchObject({ open: false, cause: undefined, probes: 4 });
  });

  it('does not close on an answer that was under way when it opened', () => {
    const circuit = createCircuitBreaker(policy);
    circuit.failed(0, 'infer.unreachable', true);
    circuit.succeeded();
    expect(circuit.decide(1)).toBe('skip');
  });

  it('never spends more than one probe an interval, whatever happens', () => {
    const event = fc.record({ kind: fc.constantFrom('decide', 'ok', 'bad', 'gone'), afterMs: fc.nat(60) });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 200 }), (events) => {
        const circuit = createCircuitBreaker(policy);
        let nowMs = 0;
        let lastProbeMs = -Infinity;
        for (const { kind, afterMs } of events) {
          nowMs += afterMs;
          if (kind === 'ok') circuit.succeeded();
          else if (kind === 'bad') circuit.failed(nowMs, 'x', false);
          else if (kind === 'gone') circuit.failed(nowMs, 'x', true);
          else if (circuit.decide(nowMs) === 'probe') {
            expect(nowMs - lastProbeMs).toBeGreaterThanOrEqual(policy.firstProbeMs);
            expect(circuit.state().open).toBe(true);
            lastProbeMs = nowMs;
            circuit.probeFailed(nowMs, 'x');
          }
        }
      }),
    );
  });
});
