// Placeholder; replaced by the bench.
export {};
