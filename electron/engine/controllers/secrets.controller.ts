import { z } from 'zod'
import type { Secret, SecretList } from '../../../shared/contract/secrets.contract.ts'
import type { Actor } from '../../../shared/domain/actor.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { EngineParts } from '../parts.ts'
import type { KeptSecret } from '../secrets/secrets-vault.ts'
import { secretsOf } from '../workspace/remote-model.ts'
import type { Api } from './api.ts'

type Parts = Pick<EngineParts, 'secrets' | 'workspace' | 'ledger' | 'commands' | 'audit' | 'clock'>

export function secretsController(api: Api, parts: Parts) {
  const { vault, redactor } = parts.secrets
  return {
    list: api.secrets.list.handler(() => list(parts)),
    set: api.secrets.set.handler(async ({ input: { commandId, name, value }, context: { actor } }) => {
      redactor.learn(value)
      if (parts.commands.answerTo(commandId, z.literal(true).parse) === null) {
        const wasSet = (await vault.list()).some((secret) => secret.name === name && secret.place !== 'environment')
        await vault.set(name, value)
        noteDown(parts, { actor, commandId, name, action: wasSet ? 'secret_replace' : 'secret_set' })
      }
      return list(parts)
    }),
    remove: api.secrets.remove.handler(async ({ input: { commandId, name }, context: { actor } }) => {
      if (parts.commands.answerTo(commandId, z.literal(true).parse) === null) {
        if (!(await vault.remove(name))) throw nothingToRemove(name, await vault.list())
        noteDown(parts, { actor, commandId, name, action: 'secret_remove' })
      }
      return list(parts)
    }),
  }
}

function nothingToRemove(name: string, kept: readonly KeptSecret[]): ProblemError {
  const isGiven = kept.some((secret) => secret.name === name)
  if (!isGiven) return new ProblemError('NOT_FOUND', `There is no secret ${name} in this workspace`, { hint: '"strata secrets list" tells which there are' })
  return new ProblemError('CONFLICT', `The secret ${name} comes from the environment, which Strata does not change`, { hint: `Start Strata without STRATA_SECRET_${name.toUpperCase()}` })
}

/** What was done to which, never its value. */
function noteDown({ ledger, audit, commands, clock }: Parts, { actor, commandId, name, action }: { actor: Actor; commandId: string; name: string; action: string }): void {
  const at = clock()
  ledger.write(() => {
    commands.once({ id: commandId, at }, z.literal(true).parse, () => true as const)
    audit.append({ actor, action, target: `secret:${name}`, details: {} }, at)
  })
}

async function list({ secrets: { vault }, workspace }: Parts): Promise<SecretList> {
  const users = new Map<string, string[]>()
  for (const step of workspace.current().dataTypes.flatMap(({ steps }) => steps)) {
    if (step.kind !== 'extract' || step.source.remote === undefined) continue
    for (const name of secretsOf(step.source.remote)) users.set(name, [...(users.get(name) ?? []), step.dataset])
  }
  const kept = await vault.list()
  const missing = [...users.keys()].filter((name) => kept.every((secret) => secret.name !== name))
  const secrets: Secret[] = [...kept, ...missing.map((name) => ({ name, place: null, setAt: null }))].map((secret) => ({ ...secret, usedBy: users.get(secret.name) ?? [] }))
  return { protection: await vault.protection(), secrets: secrets.toSorted((a, b) => (a.name < b.name ? -1 : 1)) }
}
