import { describe, expect, it } from 'vitest'
import { areTogether, COMMAND_IDS, COMMANDS } from './commands.ts'

describe('the commands', () => {
  it('have keys that start one command each, wherever they are on the screen together', () => {
    const clashes = COMMAND_IDS.flatMap((id) => COMMAND_IDS.filter((other) => other > id && areTogether(COMMANDS[id].group, COMMANDS[other].group) && COMMANDS[other].keys.some((key) => (COMMANDS[id].keys as readonly string[]).includes(key))).map((other) => `${id} ${other}`))
    expect(clashes).toEqual([])
  })
})
