import { z } from 'zod'
import { actorText } from '../../../shared/domain/actor.ts'
import type { Upkeep } from '../../../shared/contract/storage.contract.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { collectGarbage, previewRetention } from '../keep/collect.ts'
import { diskUse } from '../keep/disk-use.ts'
import type { UpkeepJobs } from '../keep/upkeep-jobs.ts'
import { verify } from '../keep/verify.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { EngineParts } from '../parts.ts'
import type { Api } from './api.ts'
import { findVersion } from './find-version.ts'

export interface StorageControllerParts extends EngineParts {
  jobs: UpkeepJobs
}

export function storageController(api: Api, parts: StorageControllerParts) {
  const { jobs, commands, clock, files, versions, ledger, audit } = parts
  const must = (id: string): Upkeep => {
    const found = jobs.find(id)
    if (found === null) throw new ProblemError('NOT_FOUND', `There is no upkeep ${id}`)
    return found
  }
  const once = (commandId: string, work: () => string): Upkeep => must(commands.once({ id: commandId, at: clock() }, (answer) => z.string().parse(answer), work))
  const named = ({ dataset, number }: VersionRow) => ({ dataset, version: number })
  return {
    retention: api.storage.retention.handler(({ signal }) => previewRetention(parts, signal)),
    gc: api.storage.gc.handler(({ input: { commandId, leftovers }, context: { actor } }) =>
      once(commandId, () => jobs.start({ kind: 'gc', dataset: null, actor }, (job) => collectGarbage(parts, job, { leftovers, actor }))),
    ),
    verify: api.storage.verify.handler(({ input: { commandId, dataset = null }, context: { actor } }) => {
      if (dataset !== null && versions.latest(dataset) === null) findVersion(versions, { dataset })
      return once(commandId, () => jobs.start({ kind: 'verify', dataset, actor }, (job) => verify(parts, job, dataset)))
    }),
    get: api.storage.get.handler(({ input }) => must(input.id)),
    cancel: api.storage.cancel.handler(({ input }) => {
      jobs.cancel(must(input.id).id)
      return must(input.id)
    }),
    list: api.storage.list.handler(({ input }) => jobs.list(input)),
    damages: api.storage.damages.handler(({ input }) => files.damages(input)),
    disk: api.storage.disk.handler(({ signal }) => diskUse(parts, signal)),
    pin: api.storage.pin.handler(({ input, context: { actor } }) => {
      const version = findVersion(versions, { dataset: input.dataset, version: input.version })
      const { reason } = input
      ledger.write(() => {
        files.pin(version.id, { actor: actorText(actor), reason, at: clock() })
        audit.append({ actor, action: 'pin', target: `${version.dataset} v${version.number}`, details: { reason }, after: { pinned: true } }, clock())
      })
      return named(version)
    }),
    unpin: api.storage.unpin.handler(({ input, context: { actor } }) => {
      const version = findVersion(versions, { dataset: input.dataset, version: input.version })
      if (version.pinReason === null) throw new ProblemError('CONFLICT', `${version.dataset} v${version.number} is not pinned`)
      const { pinReason } = version
      ledger.write(() => {
        files.unpin(version.id)
        audit.append({ actor, action: 'unpin', target: `${version.dataset} v${version.number}`, details: { reason: input.reason }, before: { reason: pinReason } }, clock())
      })
      return named(version)
    }),
  }
}
