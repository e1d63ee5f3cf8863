/** Offset in UTF-16 code units of a position counted in Unicode code points (messaging protocol 5.2, "Cursor position"). */
export function unitsFromPoints(text: string, points: number): number {
  let units = 0;
  for (let counted = 0; counted < points && units < text.length; counted += 1)
    units += (text.codePointAt(units) ?? 0) > 0xffff ? 2 : 1;
  return units;
}

/** Number of Unicode code points before an offset in UTF-16 code units. */
export function pointsFromUnits(text: string, units: number): number {
  let points = 0;
  for (let at = 0; at < units && at < text.length; points += 1) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return points;
}
