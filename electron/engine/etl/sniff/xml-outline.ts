import { SaxesParser } from 'saxes'

export interface XmlOutline {
  root: string
  /** Elements that occur more than once below one parent, by path: root/list/item. */
  repeated: { path: string; count: number; depth: number }[]
  /** Names of the root's children. */
  children: string[]
}

const MAX_DEPTH = 6

/** Which elements of a document repeat, from its beginning alone; a cut end is no matter. */
export function outlineXml(text: string): XmlOutline {
  const counts = new Map<string, number>()
  const names: string[] = []
  const most = new Map<string, number>()
  const parser = new SaxesParser()
  let isBroken = false
  // The reader of a run says what is wrong with a document; here it is only looked at as far as it goes.
  parser.on('error', () => (isBroken = true))
  parser.on('opentag', ({ name }) => {
    names.push(name.slice(name.indexOf(':') + 1))
    const path = names.join('/')
    if (names.length > MAX_DEPTH || isBroken) return
    const count = (counts.get(path) ?? 0) + 1
    counts.set(path, count)
    most.set(path, Math.max(most.get(path) ?? 0, count))
  })
  parser.on('closetag', () => {
    const below = `${names.join('/')}/`
    for (const path of [...counts.keys()]) if (path.startsWith(below)) counts.delete(path)
    names.pop()
  })
  parser.write(text)
  const paths = [...most].map(([path, count]) => ({ path, count, depth: path.split('/').length }))
  return {
    root: paths.find(({ depth }) => depth === 1)?.path ?? '',
    repeated: paths.filter(({ count, depth }) => count > 1 && depth > 1),
    children: paths.filter(({ depth }) => depth === 2).map(({ path }) => path.slice(path.indexOf('/') + 1)),
  }
}
