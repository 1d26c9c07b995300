(1..10).each { |number| puts "#{number} #{Math.sqrt(number)}" }
