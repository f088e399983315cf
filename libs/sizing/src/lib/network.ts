import type { Assumed } from './assumptions.js';
import { figure, type Figure } from './figure.js';
import type { PlanInput, Site } from './plan-input.js';

export interface SiteNetwork {
  readonly site: string;
  readonly linkMegabits: number;
  /** Results, and the part of the evidence that leaves. */
  readonly edgeMegabits: Figure;
  /** All pictures as video. */
  readonly cloudMegabits: Figure;
  readonly edgeFits: boolean;
  readonly cloudFits: boolean;
  /** Pictures kept at the site. */
  readonly storageGigabytes: Figure;
}

export function networkOf(plan: PlanInput, site: Site, assumed: Assumed): SiteNetwork {
  const { workload } = plan;
  const perSecond = site.stations * workload.camerasPerStation * workload.picturesPerSecond;
  const pixels = workload.width * workload.height;
  const pictureBits = pixels * assumed('network.picture-density');
  const evidence = assumed('network.evidence-share');
  const rate = ['input:sites', 'input:workload.picturesPerSecond', 'input:workload.camerasPerStation'];
  const edge =
    (perSecond * (assumed('network.result-size') * 8 + evidence * assumed('network.evidence-sent') * pictureBits)) /
    1e6;
  const cloud = (perSecond * pixels * assumed('network.video-density')) / 1e6;
  const usable = site.linkMegabits * assumed('network.link-share');
  const activeSeconds = workload.hoursPerDay * 3600;
  const days = assumed('network.evidence-kept');
  return {
    site: site.id,
    linkMegabits: site.linkMegabits,
    edgeMegabits: figure(edge, 'Mbit/s', `${perSecond} pictures/s x (result + sent share of evidence)`, [
      ...rate,
      'network.result-size',
      'network.evidence-share',
      'network.evidence-sent',
      'network.picture-density',
    ]),
    cloudMegabits: figure(
      cloud,
      'Mbit/s',
      `${perSecond} pictures/s x ${pixels} pixels x ${assumed('network.video-density')} bit`,
      [...rate, 'network.video-density'],
    ),
    edgeFits: edge <= usable,
    cloudFits: cloud <= usable,
    storageGigabytes: figure(
      (perSecond * activeSeconds * days * evidence * pictureBits) / 8e9,
      'GB',
      `${perSecond} pictures/s x ${workload.hoursPerDay} h x ${days} days x ${evidence}`,
      [
        ...rate,
        'input:workload.hoursPerDay',
        'network.evidence-kept',
        'network.evidence-share',
        'network.picture-density',
      ],
    ),
  };
}
