// Placeholder; replaced by the service's entry.
export {};
