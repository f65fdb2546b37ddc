// Placeholder for the SDK; replaced by its first real file.
export {};
