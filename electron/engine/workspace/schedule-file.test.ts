import { describe, expect, it } from 'vitest'
import { FindingList } from './finding-list.ts'
import { pipelineFileSchema } from './pipeline-file.schema.ts'
import { checkAfter, readSchedule, readTriggers } from './schedule-file.ts'
import { readWithSchema } from './schema-reading.ts'
import { parseYaml } from './yaml-document.ts'

function read(text: string, sources = ['studies', 'sponsors']) {
  const findings = new FindingList()
  const document = parseYaml('pipelines/trials/pipeline.yaml', text, findings)
  const pipeline = readWithSchema(document, pipelineFileSchema, findings)
  const schedule = readSchedule(pipeline?.schedule, { document, findings })
  const triggers = readTriggers(pipeline?.triggers, sources, { document, findings })
  return { findings, schedule, triggers, told: () => findings.sorted().map(({ line, column, message, suggestion }) => `${line}:${column} ${message} (${suggestion})`) }
}

describe('a schedule in pipeline.yaml', () => {
  it('has five fields, a time zone, and a way with missed times', () => {
    expect(read('schedule: { cron: "0 6 * * 1", time_zone: Europe/Berlin, missed: skip }\n').schedule).toEqual({ cron: '0 6 * * 1', timeZone: 'Europe/Berlin', missed: 'skip' })
    expect(read('schedule: { cron: "0 6 * * 1" }\n').schedule).toMatchObject({ missed: 'run_once', timeZone: expect.stringMatching(/./) })
  })

  it('is refused at its place, with what was probably meant', () => {
    const { schedule, told } = read('schedule:\n  cron: "0 25 * * *"\n  time_zone: Europe/Berlim\n')
    expect(schedule).toBeNull()
    expect(told()).toEqual([expect.stringMatching(/^2:9 "0 25 \* \* \*" is no cron expression/), '3:14 "Europe/Berlim" is no time zone (Did you mean Europe/Berlin?)'])
  })
})

describe('triggers in pipeline.yaml', () => {
  it('name sources, or all of them, and other data types', () => {
    expect(read('triggers: { files: true, after: drugs }\n').triggers).toMatchObject({ files: ['studies', 'sponsors'], after: ['drugs'] })
    expect(read('triggers: { files: studies }\n').triggers.files).toEqual(['studies'])
    expect(read('triggers: { files: studes }\n').told()).toEqual(['1:20 Unknown source "studes" (Did you mean studies?)'])
  })

  it('must not go round in a circle, nor name what is not there', () => {
    const a = read('triggers: { after: [b] }\n')
    const b = read('triggers: { after: [c, d] }\n')
    const c = read('triggers: { after: [a] }\n')
    const findings = new FindingList()
    checkAfter([{ name: 'a', triggers: a.triggers }, { name: 'b', triggers: b.triggers }, { name: 'c', triggers: c.triggers }], findings)
    const messages = findings.sorted().map(({ code, column, message }) => `${code} ${column} ${message}`)
    expect(messages).toContain('unknown-data-type 24 Unknown data type "d"')
    expect(messages.filter((message) => message.startsWith('cycle'))).toHaveLength(3)
  })
})
