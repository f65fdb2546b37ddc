// Placeholder for the store; replaced by its first real file.
export {};
