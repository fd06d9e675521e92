import { z } from 'zod'
import { savedViewSchema } from '../../../shared/contract/views.contract.ts'
import type { EngineParts } from '../parts.ts'
import { readSavedViews, removeView, renameView, type SavedViewParts, saveView } from '../views/saved-views.ts'
import { answerOnce } from './answer-once.ts'
import type { Api } from './api.ts'

const removedSchema = z.object({ isRemoved: z.boolean() })

export function viewsController(api: Api, parts: SavedViewParts & Pick<EngineParts, 'commands'>) {
  const once = <T>(id: string, schema: z.ZodType<T>, work: () => Promise<T>): Promise<T> => answerOnce(parts, { id, schema, work })
  return {
    list: api.views.list.handler(async ({ input }) => {
      const { views, unreadable } = await readSavedViews(parts)
      return { views: input?.dataset === undefined ? views : views.filter(({ dataset }) => dataset === input.dataset), unreadable }
    }),
    save: api.views.save.handler(({ input: { commandId, ...view }, context: { actor } }) => once(commandId, savedViewSchema, () => saveView(parts, view, actor))),
    rename: api.views.rename.handler(({ input: { commandId, ...names }, context: { actor } }) => once(commandId, savedViewSchema, () => renameView(parts, names, actor))),
    remove: api.views.remove.handler(({ input: { commandId, name }, context: { actor } }) =>
      once(commandId, removedSchema, async () => ({ isRemoved: await removeView(parts, name, actor) })),
    ),
  }
}
