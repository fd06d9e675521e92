import { z } from 'zod'
import { applyChange, previewChange } from '../keep/change-published.ts'
import type { EngineParts } from '../parts.ts'
import type { Api } from './api.ts'

type PublishControllerParts = Pick<EngineParts, 'ledger' | 'versions' | 'runs' | 'steps' | 'publications' | 'audit' | 'clock' | 'commands'>

export function publishController(api: Api, parts: PublishControllerParts) {
  const { publications, commands, clock } = parts
  return {
    preview: api.publish.preview.handler(({ input }) => previewChange(parts, input.change)),
    apply: api.publish.apply.handler(({ input: { commandId, change, reason }, context: { actor } }) =>
      publications.byId(commands.once({ id: commandId, at: clock() }, (answer) => z.int().parse(answer), () => applyChange(parts, change, { actor, reason }).id)),
    ),
    history: api.publish.history.handler(({ input }) => publications.list(input)),
  }
}
