select sealed from people.peppers
