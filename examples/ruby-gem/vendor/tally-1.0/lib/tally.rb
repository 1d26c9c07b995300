module Tally
  # The words with how often they are there, the most frequent first.
  def self.of(words)
    words.tally.sort_by { |word, times| [-times, word] }
  end
end
