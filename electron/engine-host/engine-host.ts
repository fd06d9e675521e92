import { hostEngine } from './host-engine.ts'

// The utility process in which the desktop's engine lives.
hostEngine(process.parentPort)
