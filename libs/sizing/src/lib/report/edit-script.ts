/** In the report: collects changed assumptions, and saves the plan's input with them. No network, no library. */
export const editScript = `
const given = JSON.parse(document.getElementById('plan-input').textContent);
const fields = [...document.querySelectorAll('input[data-key]')];
const changed = () => fields.filter((field) => field.value !== field.defaultValue && Number.isFinite(field.valueAsNumber));
const tell = () => {
  for (const field of fields) field.classList.toggle('own', changed().includes(field));
  document.getElementById('changed').textContent = changed().length === 0 ? 'nothing changed' : changed().length + ' changed';
};
for (const field of fields) field.addEventListener('input', tell);
document.getElementById('save').addEventListener('click', () => {
  const own = changed().map((field) => [field.dataset.key, { value: field.valueAsNumber, kind: 'estimate', source: 'changed in the report', date: given.date }]);
  const plan = { ...given, assumptions: { ...given.assumptions, ...Object.fromEntries(own) } };
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([JSON.stringify(plan, null, 2) + '\\n'], { type: 'application/json' }));
  link.download = 'plan-input.json';
  link.click();
  URL.revokeObjectURL(link.href);
});
`;
