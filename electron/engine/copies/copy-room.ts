import { rm, stat, utimes } from 'node:fs/promises'
import path from 'node:path'
import { sumBytes, walkFiles, type FoundFile } from '../keep/walk-files.ts'
import { whenAbsent } from '../zones/when-absent.ts'

/** What copies take on disk, and which of them go when that is too much: those that nobody has used for the longest time. */
export interface CopyRoom {
  /** Removes what is too much; `keep` are folders of copies that stay whatever they take. */
  tend(mostBytes: number, keep: ReadonlySet<string>): Promise<void>
  /** A copy was used. */
  touch(copyDir: string): Promise<void>
  stats(): { entries: number; sizeBytes: number; oldestAt: number | null }
}

/** Every file below `copies/<dataset>/v<version>/<source>/` belongs to one piece: the rows with their keys, or an order. */
interface Piece {
  /** Files or folders that go with it, absolute. */
  paths: string[]
  copyDir: string
  sizeBytes: number
  usedAt: number
}

const HALF = /\.half($|\/)/
/** One that is written to at this moment is younger. */
const ABANDONED_MS = 60_000

export function createCopyRoom(root: string, clock: () => number): CopyRoom {
  let last = { entries: 0, sizeBytes: 0, oldestAt: null as number | null }
  return {
    async tend(mostBytes, keep) {
      const files = await walkFiles(root)
      for (const { name } of files.filter((file) => HALF.test(file.name) && clock() - file.modifiedMs > ABANDONED_MS)) await rm(path.join(root, name), { force: true })
      const pieces = piecesOf(root, files.filter(({ name }) => !HALF.test(name))).toSorted((a, b) => a.usedAt - b.usedAt)
      const kept = new Set(pieces)
      let sizeBytes = sumBytes(pieces)
      for (const piece of pieces) {
        if (sizeBytes <= mostBytes) break
        if (keep.has(piece.copyDir)) continue
        for (const target of piece.paths) await rm(target, { recursive: true, force: true })
        kept.delete(piece)
        sizeBytes -= piece.sizeBytes
      }
      last = { entries: kept.size, sizeBytes, oldestAt: kept.size === 0 ? null : Math.min(...[...kept].map(({ usedAt }) => usedAt)) }
    },
    async touch(copyDir) {
      const now = new Date(clock())
      const facts = path.join(copyDir, 'rows', 'copy.json')
      if ((await stat(facts).catch(whenAbsent(null))) !== null) await utimes(facts, now, now).catch(whenAbsent(undefined))
    },
    stats: () => last,
  }
}

function piecesOf(root: string, files: readonly FoundFile[]): Piece[] {
  const byDir = Map.groupBy(files, ({ name }) => name.split('/').slice(0, 3).join('/'))
  return [...byDir].flatMap(([dir, inside]) => {
    const copyDir = path.join(root, dir)
    const isOrder = ({ name }: FoundFile): boolean => name.startsWith(`${dir}/orders/`)
    const orders = inside.filter(isOrder).map(({ name, sizeBytes, modifiedMs }) => ({ copyDir, paths: [path.join(root, name)], sizeBytes, usedAt: modifiedMs }))
    const rows = inside.filter((file) => !isOrder(file))
    if (rows.length === 0) return orders
    const usedAt = Math.max(...rows.map(({ modifiedMs }) => modifiedMs))
    return [...orders, { copyDir, paths: ['rows', 'keys'].map((name) => path.join(copyDir, name)), sizeBytes: sumBytes(rows), usedAt }]
  })
}
