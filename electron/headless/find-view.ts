import type { SavedView } from '../../shared/contract/views.contract.ts'
import { closestName } from '../../shared/domain/naming.ts'
import { ProblemError } from '../../shared/domain/problem.ts'
import type { StrataClient } from './client.ts'

/** The saved view of a name; NOT_FOUND with the likely one, or with why its file is no view. */
export async function findView(client: StrataClient, name: string): Promise<SavedView> {
  const { views, unreadable } = await client.views.list({})
  const found = views.find((view) => view.name === name)
  if (found !== undefined) return found
  const broken = unreadable.find(({ file }) => file === `views/${name}.json`)
  if (broken !== undefined) throw new ProblemError('BAD_INPUT', `${broken.file} is no view: ${broken.reason}`)
  const nearest = closestName(name, views.map((view) => view.name))
  throw new ProblemError('NOT_FOUND', `There is no view "${name}"`, { hint: nearest === null ? '"strata views" lists them' : `Did you mean ${nearest}?` })
}
