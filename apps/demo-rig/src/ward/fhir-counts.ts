/** Types that a ward writes. */
const types = [
  'AuditEvent',
  'Communication',
  'Device',
  'DeviceMetric',
  'DocumentReference',
  'Flag',
  'Location',
  'Observation',
  'Patient',
  'Provenance',
  'RiskAssessment',
  'Task',
] as const;

/** How many resources of each type a FHIR server holds; what it does not answer is left out. */
export async function fhirCounts(baseUrl: string): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const type of types) {
    const answer: unknown = await fetch(`${baseUrl}/${type}?_count=1&_total=accurate`, {
      signal: AbortSignal.timeout(10_000),
    }).then(
      (response) => (response.ok ? response.json() : undefined),
      () => undefined,
    );
    if (typeof answer === 'object' && answer !== null && 'total' in answer && typeof answer.total === 'number')
      counts[type] = answer.total;
  }
  return counts;
}
