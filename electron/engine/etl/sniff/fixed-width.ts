const LOOKED_LINES = 200
const MIN_LINES = 3
const MIN_GAPS = 2

/** Columns that line up: places where every line is blank, with text on both sides of them. */
export function isFixedWidth(text: string): boolean {
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '').slice(0, LOOKED_LINES)
  if (lines.length < MIN_LINES || lines.some((line) => line.includes('\t'))) return false
  const width = Math.max(...lines.map((line) => line.length))
  let gaps = 0
  let isGap = false
  for (let at = 0; at < width; at++) {
    const isBlank = lines.every((line) => (line[at] ?? ' ') === ' ')
    if (isBlank && !isGap && at > 0 && lines.some((line) => line.slice(at).trim() !== '')) gaps++
    isGap = isBlank
  }
  const isRagged = new Set(lines.map((line) => line.trim().split(/\s+/).length)).size > 1
  const isPadded = lines.some((line) => / {2,}\S/.test(line))
  return gaps >= MIN_GAPS && (isRagged || isPadded)
}
