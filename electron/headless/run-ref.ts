import { InvalidArgumentError } from 'commander'
import { type RunRef, runRefSchema } from '../../shared/contract/runs.contract.ts'

/** Reads `prevalence#41`, as commander wants it: throws a usage error for anything else. */
export function parseRunRef(text: string): RunRef {
  const [, dataType, number] = /^\s*([^#\s]+)\s*#\s*(\d+)\s*$/.exec(text) ?? []
  const parsed = runRefSchema.safeParse({ dataType, runNumber: Number(number) })
  if (!parsed.success) throw new InvalidArgumentError('Write a run as data_type#number, for example prevalence#41.')
  return parsed.data
}

export function runName({ dataType, runNumber }: { dataType: string; runNumber: number }): string {
  return `${dataType} #${runNumber}`
}

/** For commander: a whole number from 1. */
export function parsePositive(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Give a whole number from 1.')
  return value
}
