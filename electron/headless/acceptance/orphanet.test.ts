import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { RunDetail } from '../../../shared/contract/runs.contract.ts'
import { realData } from './real-data.ts'
import { openTestWorkspace, type TestWorkspace } from './test-workspace.ts'

const SAMPLE_STEPS = fileURLToPath(new URL('../../../resources/sample/rare-disease/pipelines/prevalence/preprocessed/', import.meta.url))

const entrySchema = z.record(z.string(), z.string())
const packetSchema = z.object({
  ORPHAcode: z.string(),
  Prevalences: z.union([z.array(z.object({ Prevalence: entrySchema })), z.object({ Prevalence: z.array(entrySchema) })]).optional(),
  ExternalReferences: z
    .union([z.array(z.object({ ExternalReference: entrySchema })), z.array(entrySchema), z.object({ ExternalReference: z.array(entrySchema) })])
    .optional(),
})
type Packet = z.infer<typeof packetSchema>
type Entry = z.infer<typeof entrySchema>

function readPacket(file: string): Packet {
  return z.object({ Orphapacket: packetSchema }).parse(JSON.parse(readFileSync(file, 'utf8'))).Orphapacket
}

/** Read with no help from the engine: a list of `{ Prevalence: entry }`, or `{ Prevalence: [entry, ...] }`. */
function prevalencesOf(packet: Packet): Entry[] {
  if (packet.Prevalences === undefined) return []
  return Array.isArray(packet.Prevalences) ? packet.Prevalences.map((one) => one.Prevalence) : packet.Prevalences.Prevalence
}

function referencesOf({ ExternalReferences: list = [] }: Packet): Entry[] {
  if (!Array.isArray(list)) return list.ExternalReference
  return list.map((one) => ('ExternalReference' in one && typeof one.ExternalReference === 'object' ? one.ExternalReference : entrySchema.parse(one)))
}

const orphanet = realData('orphanet')

describe.skipIf(orphanet.absent)('60 packets of Orphanet (needs ../shared/data/orphanet)', () => {
  let workspace: TestWorkspace
  let packets: Packet[]
  let detail: RunDetail

  beforeAll(async () => {
    packets = readdirSync(orphanet.dir).map((name) => readPacket(join(orphanet.dir, name)))
    workspace = await openTestWorkspace({
      files: {
        'strata.yaml': 'name: orphanet\nlabel: Orphanet\n',
        'pipelines/prevalence/pipeline.yaml': [
          'entity: { key: orpha_code }',
          'sources:',
          '  packets:',
          `    files: ${JSON.stringify(join(orphanet.dir, '*.json'))}`,
          '    format: json',
          '    record: $.Orphapacket',
          '    columns: { ORPHAcode: VARCHAR }',
          '',
        ].join('\n'),
        // The very steps of the sample, on the real source.
        'pipelines/prevalence/preprocessed/prevalences.sql': readFileSync(join(SAMPLE_STEPS, 'prevalences.sql'), 'utf8'),
        'pipelines/prevalence/preprocessed/external_references.sql': readFileSync(join(SAMPLE_STEPS, 'external_references.sql'), 'utf8'),
      },
    })
    detail = await workspace.run('prevalence')
  }, 60_000)
  afterAll(() => workspace?.[Symbol.asyncDispose]())

  it('loads one row a packet', async () => {
    expect(detail.run).toMatchObject({ state: 'succeeded', quarantined: 0 })
    const rows = await workspace.rows('prevalence.raw.packets')
    expect(rows).toHaveLength(60)
    expect(new Set(rows.map((row) => row['ORPHAcode']))).toEqual(new Set(packets.map((packet) => packet.ORPHAcode)))
    expect(rows.every((row) => Number(row['_record']) === 1 && row['_file'] === `ORPHApacket_${String(row['ORPHAcode'])}.json`)).toBe(true)
  })

  it('flattens every prevalence of both shapes', async () => {
    const expected = packets.flatMap((packet) => prevalencesOf(packet).map((entry) => [packet.ORPHAcode, entry['PrevalenceType'], entry['PrevalenceGeographic'], entry['Source']]))
    const rows = await workspace.rows('prevalence.preprocessed.prevalences')
    expect(expected.length).toBeGreaterThan(100)
    expect(rows).toHaveLength(expected.length)
    const actual = rows.map((row) => [row['orpha_code'], row['prevalence_type'], row['geography'], row['source']])
    expect(actual.map(String).toSorted()).toEqual(expected.map(String).toSorted())
  })

  it('reads "no data" and 0.0 in a number as nothing', async () => {
    const withValue = packets.flatMap(prevalencesOf).filter((entry) => Number(entry['ValMoy']) > 0)
    const rows = await workspace.rows('prevalence.preprocessed.prevalences')
    expect(rows.filter((row) => row['mean_per_100k'] !== null)).toHaveLength(withValue.length)
  })

  it('flattens every reference of its shapes', async () => {
    const expected = packets.flatMap((packet) => referencesOf(packet).map((entry) => [packet.ORPHAcode, entry['Source'], entry['Reference']]))
    const rows = await workspace.rows('prevalence.preprocessed.external_references')
    expect(rows.map((row) => String([row['orpha_code'], row['source'], row['reference']])).toSorted()).toEqual(expected.map(String).toSorted())
  })
})
