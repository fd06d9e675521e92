import { type Command, InvalidArgumentError, Option } from 'commander'
import type { PlanRequest } from '../../shared/contract/plan.contract.ts'
import type { RunSelection } from '../../shared/domain/run-options.ts'

/** What `plan` and `run` take alike, so that what was planned can be run by changing one word. */
export interface SelectionOptions {
  step?: string[]
  from?: string
  only?: NonNullable<RunSelection['only']>
  force?: boolean
  param?: Record<string, string>
  entity?: string[]
}

export function addSelectionOptions(command: Command): Command {
  return command
    .option('--step <name...>', 'only these steps, as zone.name; +zone.name takes what it reads too, zone.name+ what reads it')
    .option('--from <name>', 'only this step and everything that reads it')
    .addOption(new Option('--only <what>', 'failed: what failed in its last run, and what reads it; stale: what is not up to date').choices(['failed', 'stale']))
    .option('--force', 'run what is selected even where nothing changed')
    .option('--param <name=value...>', 'a parameter that pipeline.yaml declares', collectParameter)
    .option('--entity <id...>', 'only these entities')
}

export function planRequest(dataType: string, { step, from, only, force, param, entity }: SelectionOptions): PlanRequest {
  return {
    dataType,
    ...(step === undefined ? {} : { steps: step }),
    ...(from === undefined ? {} : { from }),
    ...(only === undefined ? {} : { only }),
    ...(force === undefined ? {} : { force }),
    ...(param === undefined ? {} : { parameters: param }),
    ...(entity === undefined ? {} : { entities: entity }),
  }
}

export function isNarrowed({ step, from, only, param, entity }: SelectionOptions): boolean {
  return [step, from, only, param, entity].some((value) => value !== undefined)
}

function collectParameter(text: string, earlier: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('Write a parameter as name=value.')
  return { ...earlier, [text.slice(0, at)]: text.slice(at + 1) }
}
