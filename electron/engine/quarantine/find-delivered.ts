import type { Delivery } from '../../../shared/contract/runs.contract.ts'

/** The delivered file behind a value of `_file`, and the member of it where that is an archive. */
export function findDelivered(deliveries: readonly Delivery[], file: string): { fileName: string; member: string | null } | null {
  for (const { fileName, members } of deliveries) {
    if (fileName === file) return { fileName, member: null }
    const member = members.find(({ name }) => `${fileName}/${name}` === file)
    if (member !== undefined) return { fileName, member: member.name }
  }
  return null
}
