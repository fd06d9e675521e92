import './node-guard.ts'

// Loaded only after the guard: a bundle evaluates native modules before the code that imports them.
const { runCli } = await import('./cli-program.ts')
await runCli(process)
