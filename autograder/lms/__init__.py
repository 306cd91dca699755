"""Between the course and a learning management system: work in, marks out."""
