export interface OrderedDataType {
  name: string
  /** Other data types whose datasets it reads. */
  reads: string[]
}

/** As much of a data type as its place in the order depends on. */
interface Reader {
  name: string
  steps: readonly { inputs: readonly string[] }[]
}

/**
 * Data types so that each comes after those it reads. Two that read each other stay in the workspace's order: their
 * datasets have no cycle, so either order gives right data, one of them from the run before.
 */
export function orderDataTypes(outlines: readonly Reader[]): OrderedDataType[] {
  const byName = new Map(outlines.map((outline) => [outline.name, { name: outline.name, reads: readsOf(outline) }]))
  const ordered: OrderedDataType[] = []
  const visited = new Set<string>()
  const visit = (item: OrderedDataType): void => {
    if (visited.has(item.name)) return
    visited.add(item.name)
    for (const read of item.reads) {
      const next = byName.get(read)
      if (next !== undefined) visit(next)
    }
    ordered.push(item)
  }
  for (const item of byName.values()) visit(item)
  return ordered
}

function readsOf({ name, steps }: Reader): string[] {
  const owners = steps.flatMap((step) => step.inputs).map((dataset) => dataset.split('.', 1)[0] ?? '')
  return [...new Set(owners)].filter((owner) => owner !== name)
}
