import { closestName } from '../../shared/domain/naming.ts'
import { ProblemError } from '../../shared/domain/problem.ts'
import type { StrataClient } from './client.ts'

/** @throws NOT_FOUND with the name that was probably meant */
export async function requireDataType(client: StrataClient, name: string): Promise<void> {
  const { dataTypes } = await client.workspace.get()
  const names = dataTypes.map((dataType) => dataType.name)
  if (names.includes(name)) return
  const meant = closestName(name, names)
  throw new ProblemError('NOT_FOUND', `There is no data type ${name} in this workspace`, {
    hint: meant === null ? `It has: ${names.join(', ')}` : `Did you mean ${meant}?`,
  })
}
