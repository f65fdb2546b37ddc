// Placeholder for FreeIM's face; replaced by its first real file.
export {};
