import type { FloorPoint, FloorPolygon, StoreFixture, StorePlan } from '@edge-blueprints/contracts';

/** Corners of a rectangle from its left front to its right back corner. */
function area(x0: number, y0: number, x1: number, y1: number): FloorPoint[] {
  return [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ];
}

const fixture = (id: string, kind: StoreFixture['kind'], polygon: FloorPoint[], heightM: number) => ({
  id,
  kind,
  polygon,
  heightM,
});

/**
 * The demo store, 14 x 10 m. In through the doors at the front left between two rails, four aisles between low gondolas, a
 * promotion table, two tills at the right whose queues run into the store, out along the shop front. Rails make everybody
 * cross the entrance line; zone borders run through the middle of gondolas, where nobody can stand.
 */
export const storePlan: StorePlan = {
  format: 'edge-store-plan/1',
  revision: 1,
  name: 'Corner market',
  widthM: 14,
  depthM: 10,
  fixtures: [
    fixture('front-wall-left', 'wall', area(0, 0, 2.05, 0.1), 3),
    fixture('front-wall-right', 'wall', area(3.95, 0, 14, 0.1), 3),
    fixture('left-wall', 'wall', area(0, 0.1, 0.1, 9.9), 3),
    fixture('right-wall', 'wall', area(13.9, 0.1, 14, 9.9), 3),
    fixture('back-wall', 'wall', area(0, 9.9, 14, 10), 3),
    fixture('doors', 'door', area(2.05, 0, 3.95, 0.1), 2.4),
    fixture('rail-left', 'wall', area(1.95, 0.1, 2.05, 2.1), 1.05),
    fixture('rail-right', 'wall', area(3.95, 0.1, 4.05, 2.1), 1.05),
    fixture('trolley-bay', 'display', area(0.3, 0.4, 1.6, 2.3), 0.9),
    fixture('wall-shelf', 'shelf', area(0.1, 4.8, 0.6, 9.2), 1.8),
    fixture('gondola-a', 'shelf', area(2.1, 4.8, 2.8, 8.2), 1.3),
    fixture('gondola-b', 'shelf', area(4.4, 4.8, 5.1, 8.2), 1.3),
    fixture('gondola-c', 'shelf', area(6.7, 4.8, 7.4, 8.2), 1.3),
    fixture('back-shelf', 'shelf', area(1.2, 9.45, 7.4, 9.9), 1.5),
    fixture('promotion-table', 'display', area(5.9, 2.2, 6.5, 2.7), 0.9),
    // A mannequin stands on it.
    fixture('podium', 'display', area(6.95, 2.75, 7.3, 3.1), 0.04),
    fixture('mirror', 'mirror', area(5.2, 0.1, 6.6, 0.14), 2),
    fixture('lane-rail', 'wall', area(8.85, 1.7, 8.95, 3.2), 0.95),
    fixture('till-1', 'till', area(9.9, 1.7, 10.5, 3.2), 1),
    fixture('till-rail', 'wall', area(11.15, 1.7, 11.25, 3.2), 0.95),
    fixture('till-2', 'till', area(12.15, 1.7, 12.75, 3.2), 1),
    fixture('stock-room-front', 'wall', area(9.4, 8.2, 13.9, 8.3), 2.4),
    fixture('stock-room-side', 'wall', area(9.4, 9.3, 9.5, 9.9), 2.4),
  ],
  zones: [
    { id: 'produce', name: 'Produce', polygon: area(0.3, 4.8, 2.45, 8.2) },
    { id: 'bakery', name: 'Bakery', polygon: area(2.45, 4.8, 4.75, 8.2) },
    { id: 'drinks', name: 'Drinks', polygon: area(4.75, 4.8, 7.05, 8.2) },
    { id: 'chilled', name: 'Chilled', polygon: area(7.05, 4.8, 8.3, 8.2) },
    { id: 'promotion', name: 'Promotion', polygon: area(5.2, 1.5, 7.4, 3.35) },
  ],
  lines: [{ id: 'entrance', name: 'Entrance', from: [1.9, 1.5], to: [4.1, 1.5], inside: 'left' }],
  queues: [
    {
      id: 'till-1',
      name: 'Till 1',
      servicePoint: [9.42, 2.4],
      directionDeg: 90,
      area: area(8.3, 1.9, 10.6, 7.8),
    },
    {
      id: 'till-2',
      name: 'Till 2',
      servicePoint: [11.7, 2.4],
      directionDeg: 90,
      area: [
        [11.25, 1.9],
        [12.15, 1.9],
        [12.15, 3.2],
        [12.9, 3.2],
        [12.9, 7.4],
        [10.7, 7.4],
        [10.7, 3.5],
        [11.25, 3.5],
      ],
    },
  ],
  staffAreas: [
    area(10.5, 1.6, 11.15, 3.4),
    area(12.75, 1.4, 13.9, 3.2),
    // The stock room and the step in front of its opening, so that who comes out of it is known as staff.
    area(8.9, 8.3, 13.9, 9.9),
  ],
  // What stands in the mirror of the front wall seems to stand at or behind the glass.
  masks: [area(5.1, -3, 6.7, 0.5)],
};

/** The floor each camera answers for. They touch and never overlap; behind the left rail nobody can stand. */
export const storeAuthorities: Readonly<Record<'entrance' | 'aisles' | 'tills', FloorPolygon>> = {
  entrance: area(1.6, -0.5, 4.4, 3.1),
  aisles: [
    [0, 3.1],
    [4.4, 3.1],
    [4.4, 0],
    [8, 0],
    [8, 4],
    [7.05, 4],
    [7.05, 10],
    [0, 10],
  ],
  tills: [
    [8, 0],
    [14, 0],
    [14, 8.2],
    [9.4, 8.2],
    [9.4, 10],
    [7.05, 10],
    [7.05, 4],
    [8, 4],
  ],
};
