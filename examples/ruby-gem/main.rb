require "tally"

Tally.of(ARGV).each { |word, times| puts "#{times} #{word}" }
