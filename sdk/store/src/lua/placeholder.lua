-- Placeholder so that the folder exists; replaced by the first atomic step.
return 1
