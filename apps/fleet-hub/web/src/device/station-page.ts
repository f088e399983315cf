/** A device's own page as it tells it; null for what no browser should open. */
export function stationPage(pageUrl: string | null): string | null {
  return pageUrl !== null && /^https?:\/\//.test(pageUrl) && URL.canParse(pageUrl) ? pageUrl : null;
}

/** Address of one part on the page of the station that inspected it. */
export function stationPartHref(pageUrl: string | null, resultId: string): string | null {
  const page = stationPage(pageUrl);
  return page === null ? null : new URL(`#/parts/${encodeURIComponent(resultId)}`, page).href;
}
