import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type EntityWork, processEntity } from './process-entity.ts'
import { defineProcessor, type Processor, RetryableError } from './processor-api.ts'

const result = z.object({ code: z.string(), score: z.number() })

function work(process: Processor['process'], overrides: Partial<EntityWork> = {}): EntityWork {
  return {
    processor: defineProcessor({ result, process }),
    key: 'orpha_code', dataType: 'prevalence', runNumber: 4, parameters: {}, attempts: 3, retryDelayMs: 1, timeoutMs: 40, signal: new AbortController().signal, log: () => {}, ...overrides,
  }
}

describe('processEntity', () => {
  it('gives every row the entity key and says whose result it is', async () => {
    const done = await processEntity('558', [], work(() => ({ code: 'a', score: 1 })))
    expect(done).toMatchObject({ state: 'succeeded', attempts: 1, result: { entityId: '558', runNumber: 4, data: [{ orpha_code: '558', code: 'a', score: 1 }] } })
  })

  it('takes null as skipped and a list as several rows', async () => {
    expect(await processEntity('1', [], work(() => null))).toMatchObject({ state: 'skipped' })
    expect(await processEntity('1', [], work(() => [{ code: 'a', score: 1 }, { code: 'b', score: 2 }]))).toMatchObject({ result: { data: [{ code: 'a' }, { code: 'b' }] } })
  })

  it('fails the entity, and only it, when a row does not fit the result, naming the field', async () => {
    expect(await processEntity('1', [], work(() => ({ code: 'a', score: 'many' })))).toMatchObject({ state: 'failed', errorClass: 'bad_data', error: expect.stringContaining('score') })
  })

  it('refuses a row that says it is about another entity', async () => {
    const other = { ...work(() => ({ code: 'b', score: 1 })), key: 'code' }
    expect(await processEntity('a', [], other)).toMatchObject({ state: 'failed', error: expect.stringContaining('about code "b"') })
  })

  it('tries again what says that waiting helps, and counts the tries', async () => {
    let calls = 0
    const flaky = work(() => {
      calls += 1
      if (calls < 3) throw new RetryableError('busy')
      return { code: 'a', score: 1 }
    })
    expect(await processEntity('1', [], flaky)).toMatchObject({ state: 'succeeded', attempts: 3 })
  })

  it('does not try again what waiting cannot mend', async () => {
    let calls = 0
    const broken = work(() => {
      calls += 1
      throw new TypeError('no phase')
    })
    expect(await processEntity('1', [], broken)).toMatchObject({ state: 'failed', attempts: 1, error: 'no phase' })
    expect(calls).toBe(1)
  })

  it('gives up on an entity that does not answer in time, and tells the processor to stop', async () => {
    let wasAborted = false
    const slow = work(
      (_entity, _rows, { signal }) =>
        new Promise(() => {
          signal.addEventListener('abort', () => (wasAborted = true))
        }),
      { attempts: 1 },
    )
    expect(await processEntity('1', [], slow)).toMatchObject({ state: 'failed', errorClass: 'timeout', error: 'No answer within 40 ms' })
    expect(wasAborted).toBe(true)
  })

  it('stops at once when the run is cancelled', async () => {
    const cancel = new AbortController()
    const waiting = processEntity('1', [], work(() => new Promise(() => {}), { signal: cancel.signal, timeoutMs: 60_000 }))
    cancel.abort()
    await expect(waiting).rejects.toThrow()
  })
})
