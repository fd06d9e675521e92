import './node-guard.ts'

// Loaded only after the guard: a bundle evaluates native modules before the code that imports them.
const { runServer } = await import('./serve/server-program.ts')
await runServer(process.argv.slice(2))
