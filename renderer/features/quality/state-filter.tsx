import type { ShownState } from '../../../shared/contract/quarantine.contract.ts'
import type { QuarantineSearch } from '../../ui/addresses.ts'
import { SelectField } from '../../ui/field.tsx'
import { STATE_WORDS } from './quarantine-words.ts'

type Choice = ShownState | 'all'
const CHOICES: readonly Choice[] = ['open', 'corrected', 'accepted', 'ignored', 'gone', 'all']

export function StateFilter({ value = 'open', onChange }: { value: QuarantineSearch['state']; onChange: (state: QuarantineSearch['state']) => void }) {
  return (
    <SelectField
      label='State'
      width={130}
      value={value}
      options={CHOICES.map((choice) => ({ value: choice, label: choice === 'all' ? 'Any state' : STATE_WORDS[choice] }))}
      onChange={(choice) => onChange(choice === 'open' ? undefined : choice)}
    />
  )
}
