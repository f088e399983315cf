/** Classes of COCO detection in the order of its 80 channels. @see https://cocodataset.org */
const coco80 =
  'person,bicycle,car,motorcycle,airplane,bus,train,truck,boat,traffic light,fire hydrant,stop sign,parking meter,bench,bird,cat,dog,horse,sheep,cow,elephant,bear,zebra,giraffe,backpack,umbrella,handbag,tie,suitcase,frisbee,skis,snowboard,sports ball,kite,baseball bat,baseball glove,skateboard,surfboard,tennis racket,bottle,wine glass,cup,fork,knife,spoon,bowl,banana,apple,sandwich,orange,broccoli,carrot,hot dog,pizza,donut,cake,chair,couch,potted plant,bed,dining table,toilet,tv,laptop,mouse,remote,keyboard,cell phone,microwave,oven,toaster,sink,refrigerator,book,clock,vase,scissors,teddy bear,hair drier,toothbrush';

/** Keypoints of COCO in the order of its 17 channels. */
const coco17 =
  'nose,left_eye,right_eye,left_ear,right_ear,left_shoulder,right_shoulder,left_elbow,right_elbow,left_wrist,right_wrist,left_hip,right_hip,left_knee,right_knee,left_ankle,right_ankle';

/** Lists that have a name, so that nobody types 80 words. */
export const namedLists: Readonly<Record<string, readonly string[]>> = {
  'coco-80': coco80.split(','),
  'coco-17': coco17.split(','),
};

/** A named list, or the words between commas. */
export function listOf(text: string): readonly string[] {
  const named = Object.hasOwn(namedLists, text) ? namedLists[text] : undefined;
  return named ?? text.split(',').map((word) => word.trim());
}
